// What every test includes, compiled once.
#pragma once
#include "cmake/precompiled/engine.hpp"
#include "tests/support/catch.hpp"
