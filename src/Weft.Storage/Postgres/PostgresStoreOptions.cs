namespace Weft.Storage.Postgres;

/// <summary>How a store on PostgreSQL is opened. Its clock is the database's, which all coordinators share.</summary>
public sealed class PostgresStoreOptions : StoreOptions
{
    /// <summary>Npgsql's form: <c>Host=db1,db2;Database=weft;Username=weft;Password=…</c>. Never logged.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Measures how long things take here; no decision about a task depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Connections that write, each with one transaction at a time. Default: 2.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>
    /// How long an operation may take before its caller is told that its outcome isn't known. Default: 4 s.
    /// </summary>
    public TimeSpan OperationTimeMax { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How often to look for what a lost notification should have told; infinite: never. Default: 2 s.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);
}
