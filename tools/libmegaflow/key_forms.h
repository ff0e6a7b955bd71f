/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "key.h"

namespace mf
{

/**
 * The hand-written forms: attributes that are no plain list of fields. Each
 * reads what stands between the parentheses, and writes it.
 */
struct KeyForm {
	void (*parse)(Cursor &in, KeyItem &item, const PortNames *names);
	std::string (*text)(const KeyItem &item, const TextStyle &style);
	Json (*json)(const KeyItem &item, const TextStyle &style);
};

extern const KeyForm fields_form;
extern const KeyForm vlan_form;
extern const KeyForm encap_form;
extern const KeyForm tunnel_form;
extern const KeyForm mpls_form;
extern const KeyForm nsh_form;
extern const KeyForm unknown_form;

/** The form of an item, whatever it is. */
const KeyForm &form_of(const KeyItem &item);

} // namespace mf
