//! What a run tells to `tracing`. Alone in its program, which has one listener for all threads.

use std::sync::{Arc, Mutex};

use deepref_schema::Config;
use tests::database::fresh;
use tests::history::{history, migration, outside, table, transaction};
use tests::server;

/// Writes down the names of spans with those around them.
#[derive(Default)]
struct Spans {
    names: Mutex<Vec<&'static str>>,
    open: Mutex<Vec<u64>>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target() == "deepref_schema"
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        let mut names = self.names.lock().unwrap();
        names.push(span.metadata().name());
        let open = self.open.lock().unwrap();
        let around = open.iter().map(|id| names[*id as usize - 1]);
        let path: Vec<_> = around.chain([span.metadata().name()]).collect();
        self.seen.lock().unwrap().push(path.join("/"));
        tracing::span::Id::from_u64(names.len() as u64)
    }

    fn enter(&self, id: &tracing::span::Id) {
        self.open.lock().unwrap().push(id.into_u64());
    }

    fn exit(&self, _: &tracing::span::Id) {
        self.open.lock().unwrap().pop();
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
}

#[test]
fn spans_tell_migrations_segments_and_statements_apart() {
    let database = fresh(server::newest());
    let build = outside("CREATE INDEX CONCURRENTLY i ON t1 (id)");
    let segments = vec![transaction(&["SELECT 1"]), build];
    let history = history(vec![table(1), migration(2, "Two", segments, vec![])]);
    let spans = Spans::default();
    let seen = spans.seen.clone();
    tracing::subscriber::set_global_default(spans).unwrap();
    history.migrator(Config::from_url(&database.url()).unwrap()).run().unwrap();
    let seen = seen.lock().unwrap();
    let expected = [
        "migration",
        "migration/segment",
        "migration",
        "migration/segment",
        "migration/segment",
        "migration/segment/statement",
    ];
    assert_eq!(*seen, expected);
}
