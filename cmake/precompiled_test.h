// As precompiled.h, for unit tests.
#include <gtest/gtest.h>

#include "precompiled.h"
