# Finds Arrow C++ and makes the target Synthmill::arrow.
#
# First an installed Arrow of the version we build with (find_package). Else the pyarrow wheel, which
# carries Arrow's headers and shared libraries, is used as SDK; its place is asked of the interpreter
#   SYNTHMILL_PYTHON   default: .cache/venv/bin/python, which `./run setup` makes
# and linked binaries find the libraries by an rpath into it.

set(ArrowSdk_MAJOR 26)
set(_arrow_default_python "")
if(EXISTS "${PROJECT_SOURCE_DIR}/.cache/venv/bin/python")
  set(_arrow_default_python "${PROJECT_SOURCE_DIR}/.cache/venv/bin/python")
endif()
set(SYNTHMILL_PYTHON "${_arrow_default_python}" CACHE FILEPATH "Python that has pyarrow, the build SDK")

function(_arrow_from_package)
  foreach(package Arrow Parquet ArrowCompute ArrowDataset ArrowAcero)
    find_package(${package} ${ArrowSdk_MAJOR} CONFIG QUIET)
    if(NOT ${package}_FOUND)
      return()
    endif()
  endforeach()
  add_library(Synthmill::arrow INTERFACE IMPORTED GLOBAL)
  target_link_libraries(Synthmill::arrow INTERFACE Arrow::arrow_shared Parquet::parquet_shared
    ArrowCompute::arrow_compute_shared ArrowDataset::arrow_dataset_shared
    ArrowAcero::arrow_acero_shared)
  set(ArrowSdk_SOURCE "installed Arrow ${Arrow_VERSION}" PARENT_SCOPE)
endfunction()

function(_arrow_from_wheel)
  if(NOT SYNTHMILL_PYTHON)
    return()
  endif()
  execute_process(
    COMMAND "${SYNTHMILL_PYTHON}" -c
      "import pyarrow as p; print(p.__version__, p.get_include(), p.get_library_dirs()[0], sep=';')"
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    message(WARNING "${SYNTHMILL_PYTHON} has no working pyarrow")
    return()
  endif()
  list(GET answer 0 version)
  list(GET answer 1 include_dir)
  list(GET answer 2 library_dir)

  add_library(Synthmill::arrow INTERFACE IMPORTED GLOBAL)
  foreach(name parquet arrow_dataset arrow_acero arrow_compute arrow)
    set(file "${library_dir}/lib${name}.so.${ArrowSdk_MAJOR}00")
    if(NOT EXISTS "${file}")
      message(FATAL_ERROR
        "pyarrow ${version} in ${library_dir} has no ${file}; wanted: pyarrow ${ArrowSdk_MAJOR} "
        "(tools/requirements-build.txt). Run ./run setup, or give -DSYNTHMILL_PYTHON=…")
    endif()
    add_library(Synthmill::lib${name} SHARED IMPORTED GLOBAL)
    set_target_properties(Synthmill::lib${name} PROPERTIES IMPORTED_LOCATION "${file}")
    target_link_libraries(Synthmill::arrow INTERFACE Synthmill::lib${name})
  endforeach()
  target_include_directories(Synthmill::arrow INTERFACE "${include_dir}")  # imported: SYSTEM
  set(ArrowSdk_SOURCE "pyarrow ${version} in ${library_dir}" PARENT_SCOPE)
  set(ArrowSdk_LIBRARY_DIR "${library_dir}" PARENT_SCOPE)
endfunction()

if(NOT TARGET Synthmill::arrow)
  _arrow_from_package()
endif()
if(NOT TARGET Synthmill::arrow)
  _arrow_from_wheel()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ArrowSdk
  REQUIRED_VARS ArrowSdk_SOURCE
  REASON_FAILURE_MESSAGE
    "No Arrow C++ ${ArrowSdk_MAJOR}: run ./run setup, or give -DSYNTHMILL_PYTHON=<python with pyarrow>")
