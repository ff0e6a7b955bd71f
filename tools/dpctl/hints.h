/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <string>
#include <string_view>

namespace dpctl
{

/**
 * What a refusal most likely means where the kernel itself said nothing.
 * @return words to put behind the errno's own, empty if there are none
 */
std::string error_hint(std::string_view verb, int code);

} // namespace dpctl
