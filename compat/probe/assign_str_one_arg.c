// SPDX-License-Identifier: GPL-2.0-only
// Does __assign_str() know its source from __string()? Since 6.10.
#include <trace/stages/stage6_event_callback.h>

#define TEXT1(x...) #x
#define TEXT(x...) TEXT1(x)

const char *probe = TEXT(__assign_str(name));
