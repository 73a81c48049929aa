using Weft.Storage.Tests.Auditor;

namespace Weft.Storage.Tests.Postgres;

public sealed class PostgresAuditTests() : StoreAuditTests(static () => new PostgresStoreHost());
