using System.Text.RegularExpressions;
using Weft.Storage.Postgres;
using Weft.Storage.Tests.Engine;

namespace Weft.Storage.Tests.Postgres;

/// <summary>How PostgreSQL finds what is looked at, as the engine's connections ask it to plan.</summary>
public sealed partial class PostgresPlanTests : IAsyncDisposable
{
    private readonly PostgresStoreHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task WhatIsLookedAt_IsFoundByAnIndex_InItsOrder()
    {
        await (await _host.OpenAsync()).DisposeAsync();
        var pace = PostgresSql.Own.SelectPace.Replace("$2", "'q'", StringComparison.Ordinal);
        var plans = await _host.ExplainAsync(LookedAt.Of(PostgresSql.Own).Append(pace), without: "enable_sort");
        Assert.All(plans, static plan =>
        {
            Assert.DoesNotMatch(WholeTable(), plan);
            Assert.DoesNotContain("Sort Key", plan, StringComparison.Ordinal);
            // The first would read a table up to where a page begins, the other all of it.
            Assert.DoesNotContain("Merge", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Hash", plan, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex($"Seq Scan on ({LookedAt.LargeTables})")]
    private static partial Regex WholeTable();
}
