using System.Text.RegularExpressions;
using Weft.Storage.Sqlite;
using Weft.Storage.Tests.Engine;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>How SQLite finds what is looked at.</summary>
public sealed partial class SqlitePlanTests : IAsyncDisposable
{
    private readonly SqliteStoreHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task WhatIsLookedAt_IsFoundByAnIndex_InItsOrder()
    {
        await (await _host.OpenAsync()).DisposeAsync();
        using var file = new SqliteFile(_host.Folder);
        Assert.All(LookedAt.Of(SqliteSql.Own).Append(SqliteSql.Own.SelectPace), sql =>
        {
            var plan = Explain(file, sql);
            Assert.DoesNotMatch(WholeTable(), plan);
            Assert.DoesNotContain("ORDER BY", plan, StringComparison.Ordinal);
        });
    }

    private static string Explain(SqliteFile file, string sql)
    {
        var lines = new List<string>();
        var row = file.Connection.Prepared($"EXPLAIN QUERY PLAN {sql}");
        while (row.Step()) lines.Add(row.Text(3));
        row.Reset();
        return string.Join('\n', lines);
    }

    // Without "USING INDEX": by their names, or the letters that stand for them. What a subquery has found is f or r.
    [GeneratedRegex($"^SCAN ({LookedAt.LargeTables}|[aegnopt])$", RegexOptions.Multiline)]
    private static partial Regex WholeTable();
}
