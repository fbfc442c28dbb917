# The coroutines that join the rooms.
earshot_room(run SOURCES clock.cpp collect.cpp deliver.cpp durable.cpp engine.cpp exchange.cpp ingest.cpp log.cpp poll.cpp rules.cpp service.cpp systemd.cpp
  LINKS earshot::base earshot::config earshot::mention earshot::net earshot::plugin earshot::query earshot::route earshot::schedule earshot::store
  PRIVATE earshot::url PkgConfig::xxhash PkgConfig::systemd fmt::fmt spdlog::spdlog)
target_compile_definitions(earshot_run PUBLIC EARSHOT_VERSION="${PROJECT_VERSION}")
target_precompile_headers(earshot_run REUSE_FROM earshot_net)
