/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <string>

namespace lab
{

/** A network namespace that lives as long as this object and what is open in it. */
class Netns
{
public:
	/** Makes a new one: loopback up, IPv6 off on devices to come so that nothing speaks unasked. */
	Netns();
	~Netns();
	Netns(const Netns &) = delete;
	Netns &operator=(const Netns &) = delete;

	int fd() const { return file; }
	/** Gives the reference up before the object goes. */
	void close();
	/** Writes a value below /proc/sys/net, as seen from inside. */
	void sysctl(const std::string &path, const std::string &value) const;

private:
	int file = -1;
};

/** The calling thread is in a namespace as long as this object lives. */
class Inside
{
public:
	explicit Inside(const Netns &ns);
	~Inside();
	Inside(const Inside &) = delete;
	Inside &operator=(const Inside &) = delete;

private:
	int home;
};

} // namespace lab
