using Weft.Testing.Postgres;

namespace Weft.Testing.Stores;

/// <summary>
/// Where one coordinator of a test keeps its tasks: in a folder of its own, or, where <c>WEFT_TEST_STORE=postgres</c>
/// says so, in a database of its own. A test that concerns a folder's files is marked <c>[Trait("Store", "sqlite")]</c>
/// and left out there.
/// </summary>
public sealed class TestStore : IAsyncDisposable
{
    private const string Variable = "WEFT_TEST_STORE";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-test-");

    private readonly bool _isShared;

    private TestStore(string? database, bool isShared = false) => (Database, _isShared) = (database, isShared);

    /// <summary>For <c>--data</c>, and for whatever files the test has beside.</summary>
    public string Folder => _folder.FullName;

    /// <summary>For <c>--store</c>; null: the folder is the store.</summary>
    public string? Database { get; }

    public static async Task<TestStore> NewAsync() =>
        new(IsPostgres() ? await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync() : null);

    /// <summary>A database of somebody else's, which stays.</summary>
    public static TestStore Shared(string database) => new(database, isShared: true);

    /// <summary>Deletes all that is in it; no coordinator runs on it just now.</summary>
    public async Task EmptyAsync()
    {
        _folder.Delete(recursive: true);
        _folder.Create();
        if (Database is not null) await (await PostgresFixture.ServerAsync()).RecreateDatabaseAsync(Database);
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        if (Database is not null && !_isShared) await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(Database);
    }

    private static bool IsPostgres() => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or "sqlite" => false,
        "postgres" => true,
        var other => throw new InvalidOperationException($"{Variable}={other} is no store: sqlite or postgres."),
    };
}
