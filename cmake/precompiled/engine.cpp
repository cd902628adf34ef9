// CMake hangs the precompiled headers on a target, and a target wants a source.
