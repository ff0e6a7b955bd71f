// SPDX-License-Identifier: GPL-2.0-only
#include "verbs.h"
namespace dpctl
{
void run_doctor(App &app) { app.client(); }
}
