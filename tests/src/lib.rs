//! Integration tests on real PostgreSQL servers: servers, databases, the proxy.
