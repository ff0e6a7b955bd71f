// SPDX-License-Identifier: GPL-2.0-only
#include "action.h"
#include <gtest/gtest.h>
