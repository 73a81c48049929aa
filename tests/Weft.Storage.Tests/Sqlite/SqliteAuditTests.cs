using Weft.Storage.Tests.Auditor;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteAuditTests() : StoreAuditTests(static () => new SqliteStoreHost());

public sealed class SqliteAnswersOnWriterAuditTests()
    : StoreAuditTests(static () => new SqliteStoreHost { AnswersOnWriter = true });
