using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteOwnerCountsTests
{
    [Fact]
    public async Task WhoseTaskComesAndGoesInOneTransaction_LeavesNoRowOfNothing()
    {
        await using var host = new SqliteStoreHost();
        var store = await host.OpenAsync();
        var id =
            (await store.SubmitAsync(new([new NewTask { Payload = new("1"u8.ToArray(), IsJson: true) }], null)
                { Owner = new TokenId(7) })).Ids[0];
        var claimed = Assert.Single(await store.ClaimAsync(new() { WorkerId = "w" }));
        Assert.Equal([Refusal.None],
            await store.ApplyAsync([new(id,
                new TaskCommand.Fail(claimed.Task.Lease!.Token, "broken", MayRetry: false, 0))]));
        Assert.Equal([Refusal.None, Refusal.None],
            await store.ApplyAsync([new(id, TaskCommand.Retry.Instance), new(id, TaskCommand.Cancel.Instance)]));
        await store.DisposeAsync();
        host.AssertSound();
    }
}
