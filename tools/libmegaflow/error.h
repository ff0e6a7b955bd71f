/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <stdexcept>
#include <string>

namespace mf
{

/** What went wrong, in one line fit for a user. Exit status 1. */
struct Error : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/** A command line that makes no sense. Exit status 2. */
struct UsageError : Error {
	using Error::Error;
};

/** Text that cannot be read: what, where and what would be right, in one line. */
struct SyntaxError : Error {
	SyntaxError(const std::string &line, size_t pos) : Error(line), position(pos) {}

	size_t position; /**< byte offset in the text that was given */
};

/** A refusal by the kernel. */
struct KernelError : Error {
	KernelError(const std::string &line, int err, std::string said, std::string at)
	    : Error(line), code(err), message(std::move(said)), attribute(std::move(at))
	{
	}

	int code;              /**< errno, positive */
	std::string message;   /**< the kernel's own words, may be empty */
	std::string attribute; /**< the attribute it points at, may be empty */
};

} // namespace mf
