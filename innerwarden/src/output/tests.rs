//! Tests of outputs with real sockets, files and programs.
