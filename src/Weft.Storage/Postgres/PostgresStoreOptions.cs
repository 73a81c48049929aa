namespace Weft.Storage.Postgres;

/// <summary>The options of a store on PostgreSQL. Its clock is the database's, which all coordinators share.</summary>
public sealed class PostgresStoreOptions : StoreOptions
{
    /// <summary>
    /// An Npgsql connection string: <c>Host=db1,db2;Database=weft;Username=weft;Password=…</c>. Never log it.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>Measures local durations; no decision about a task depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Connections that write, each with one transaction at a time. Default: 2.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>How long an operation may take before its caller gets "outcome unknown". Default: 4 s.</summary>
    public TimeSpan OperationTimeMax { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often to poll for lost notifications; infinite: never. Default: 2 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);
}
