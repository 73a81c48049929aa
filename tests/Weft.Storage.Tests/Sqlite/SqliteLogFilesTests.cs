using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>The log's writes, held until the commit's sync.</summary>
public sealed class SqliteLogFilesTests : IAsyncDisposable
{
    // Together many times what is held, and the pages that the connection keeps in memory below.
    private const int Rows = 500;
    private const int RowBytes = 8_000;

    private readonly SqliteStoreHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void TheWriter_UsesItOnLinux() =>
        Assert.Equal(OperatingSystem.IsLinux() ? "weft" : null, SqliteLogFiles.Name);

    [Fact]
    public void Commit_IsInTheFilesOnceItIsOver()
    {
        using var connection = SqliteDatabase.OpenWriter(_host.Folder);
        connection.Execute("CREATE TABLE t (a BLOB); INSERT INTO t VALUES (randomblob(100))");
        Assert.Equal(1, CountInCopy());
        connection.Execute("INSERT INTO t VALUES (randomblob(100)); INSERT INTO t VALUES (randomblob(100))");
        Assert.Equal(3, CountInCopy());
    }

    [Fact]
    public void Commit_WithoutItsSync_IsThereForOthers()
    {
        using var connection = SqliteDatabase.OpenWriter(_host.Folder);
        using var reader = SqliteDatabase.OpenReader(_host.Folder);
        connection.Execute("CREATE TABLE t (a BLOB)");
        SqliteLogFiles.DefersSync = true;
        try
        {
            for (var row = 1; row <= 20; row++)
            {
                connection.Execute("INSERT INTO t VALUES (randomblob(9000))");
                Assert.Equal(row, reader.ReadLong("SELECT count(*) FROM t WHERE length(hex(a)) = 18000"));
                Assert.Equal(row, CountInCopy());
                if (row % 8 == 0) connection.Checkpoint(SqliteNative.CheckpointTruncate);
            }
        }
        finally
        {
            SqliteLogFiles.DefersSync = false;
        }
    }

    [Fact]
    public void Transaction_LargerThanWhatIsHeldAndThanTheCache_IsReadBackBeforeAndAfterItsCommit()
    {
        using var connection = SqliteDatabase.OpenWriter(_host.Folder);
        // So that pages leave memory for the log before the commit.
        connection.Execute("PRAGMA cache_size = 20; CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB)");
        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute($"WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) INSERT INTO t " +
            $"SELECT i, zeroblob({RowBytes}) FROM n");
        connection.Execute($"UPDATE t SET a = randomblob({RowBytes}) WHERE id % 2 = 0");
        var sound =
            $"SELECT count(*) = {Rows} AND sum(length(a)) = {Rows * RowBytes} AND sum(a = zeroblob({RowBytes})) = " +
            $"{Rows / 2} FROM t";
        Assert.Equal(1, connection.ReadLong(sound));
        connection.Execute("COMMIT");

        Assert.Equal(1, connection.ReadLong(sound));
        Assert.Equal(Rows, CountInCopy());
        using var reader = SqliteDatabase.OpenReader(_host.Folder);
        Assert.Equal(1, reader.ReadLong(sound));
    }

    [Theory]
    [InlineData(SqliteNative.CheckpointPassive)]
    [InlineData(SqliteNative.CheckpointTruncate)]
    public void Checkpoint_OfPagesSideBySideAndOfOthers_CopiesEachOne(int mode)
    {
        // Each byte of a row says which row it is, and how often it was written.
        const string body = "CAST(replace(hex(zeroblob(500)), '00', printf('%08d%08d', id, n)) AS BLOB)";
        using var connection = SqliteDatabase.OpenWriter(_host.Folder);
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, a BLOB)");
        for (var round = 0; round < 3; round++)
        {
            var before = connection.ReadLong("SELECT count(*) FROM t");
            connection.Execute($"WITH s(id, n) AS (SELECT {before + 1}, 0 UNION ALL SELECT id + 1, 0 FROM s " +
                $"WHERE id < {before + Rows}) INSERT INTO t SELECT id, n, {body} FROM s");
            connection.Execute("UPDATE t SET n = n + 1 WHERE id % 7 = 0");
            connection.Execute($"UPDATE t SET a = {body} WHERE id % 7 = 0");
            connection.Checkpoint(mode);
            Assert.Equal(before + Rows, CountInCopy());
            using var file = SqliteDatabase.OpenReader(_host.Folder);
            Assert.Equal(before + Rows, file.ReadLong($"SELECT count(*) FROM t WHERE a = {body}"));
        }
    }

    [Fact]
    public void Checkpoint_OfWhatAnotherConnectionHasWritten_CopiesThat_NotWhatWasReadAheadBefore()
    {
        using var connection = SqliteDatabase.OpenWriter(_host.Folder);
        using var other = SqliteDatabase.OpenWriter(_host.Folder);
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)");
        connection.Execute($"WITH s(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM s WHERE id < {Rows}) " +
            "INSERT INTO t SELECT id, printf('%03000d', 1) FROM s");
        connection.Checkpoint(SqliteNative.CheckpointPassive);
        // Few pages, in a file that is still long: all of them are read ahead at once, and so is what follows.
        connection.Execute("UPDATE t SET a = printf('%03000d', 2) WHERE id <= 20");
        connection.Checkpoint(SqliteNative.CheckpointPassive);
        other.Execute("UPDATE t SET a = printf('%03000d', 3) WHERE id <= 20");
        connection.Checkpoint(SqliteNative.CheckpointPassive);

        using var file = SqliteDatabase.OpenReader(_host.Folder);
        Assert.Equal(20, file.ReadLong("SELECT count(*) FROM t WHERE a = printf('%03000d', 3)"));
    }

    [Fact]
    public void Log_BegunAnewBehindACheckpoint_HoldsWhatComesNext()
    {
        using var connection = SqliteDatabase.OpenWriter(_host.Folder);
        connection.Execute("CREATE TABLE t (a BLOB)");
        for (var row = 1; row <= 20; row++)
        {
            connection.Execute("INSERT INTO t VALUES (randomblob(9000))");
            Assert.Equal(row, CountInCopy());
            connection.Checkpoint(row % 2 == 0 ? SqliteNative.CheckpointTruncate : SqliteNative.CheckpointPassive);
        }
    }

    /// <summary>
    /// What the end of the process at this moment would leave: the files without the memory that connections share.
    /// </summary>
    private long CountInCopy()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_host.Folder, Guid.NewGuid().ToString("N"))).FullName;
        foreach (var name in (string[])[SqliteDatabase.FileName, SqliteDatabase.FileName + "-wal"])
        {
            var file = Path.Combine(_host.Folder, name);
            if (File.Exists(file)) File.Copy(file, Path.Combine(copy, name));
        }

        using var connection = SqliteDatabase.OpenSnapshot(copy);
        Assert.Equal(1, connection.ReadLong("SELECT integrity_check = 'ok' FROM pragma_integrity_check"));
        return connection.ReadLong("SELECT count(*) FROM t");
    }
}
