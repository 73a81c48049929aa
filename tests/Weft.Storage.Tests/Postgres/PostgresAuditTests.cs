using Weft.Storage.Tests.Auditor;

namespace Weft.Storage.Tests.Postgres;

/// <summary>
/// Fewer than over SQLite: each step is a trip to a server. What both engines share has been through all the others.
/// </summary>
public sealed class PostgresAuditTests() : StoreAuditTests(static () => new PostgresStoreHost(), roundsDefault: 30);
