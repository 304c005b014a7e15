# The Python package: the extension module synthmill/_native, the program beside it, and private
# copies of Arrow's libraries. Built by pip (pyproject.toml), which sets SYNTHMILL_PYTHON_PACKAGE.

find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module)
execute_process(COMMAND "${Python_EXECUTABLE}" -m nanobind --cmake_dir
  OUTPUT_STRIP_TRAILING_WHITESPACE OUTPUT_VARIABLE nanobind_DIR COMMAND_ERROR_IS_FATAL ANY)
find_package(nanobind CONFIG REQUIRED)

nanobind_add_module(synthmill_native NB_STATIC NOMINSIZE
  "${PROJECT_SOURCE_DIR}/python/synthmill/native.cc")
set_target_properties(synthmill_native PROPERTIES OUTPUT_NAME _native INSTALL_RPATH "$ORIGIN/_libs"
  LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/python")
target_link_libraries(synthmill_native PRIVATE synthmill_engine)

add_executable(synthmill_program src/cli/main.cc)
target_link_libraries(synthmill_program PRIVATE synthmill_engine)
set_target_properties(synthmill_program PROPERTIES OUTPUT_NAME synthmill
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/python" INSTALL_RPATH "$ORIGIN/../_libs")

install(TARGETS synthmill_native LIBRARY DESTINATION synthmill COMPONENT python)
install(TARGETS synthmill_program RUNTIME DESTINATION synthmill/_bin COMPONENT python)
set_target_properties(synthmill_native synthmill_program PROPERTIES
  INSTALL_RPATH_USE_LINK_PATH OFF)
# Arrow comes along under names of our own: whatever pyarrow the caller has loaded, of whatever
# version, stays his own.
install(CODE "
  execute_process(COMMAND \"${Python_EXECUTABLE}\"
    \"${PROJECT_SOURCE_DIR}/python/bundle_arrow.py\" \"${ArrowSdk_LIBRARY_DIR}\"
    \"\${CMAKE_INSTALL_PREFIX}/synthmill\" COMMAND_ERROR_IS_FATAL ANY)"
  COMPONENT python)
