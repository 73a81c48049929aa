using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>Whoever asks for no verification pays nothing for it.</summary>
public sealed class SqliteVerificationCostTests
{
    [Fact]
    public async Task PlainTasks_WriteNothing_ForThoseThatAreVerified()
    {
        await using var host = new SqliteStoreHost();
        await using (var store = (SqliteTaskStore)await host.OpenAsync())
        {
            var task = new NewTask { Payload = new("1"u8.ToArray(), IsJson: true) };
            await store.SubmitAsync(new([task, task, task]));
            // A worker that proves who it is, too.
            var claim = new ClaimRequest { WorkerId = "w", Max = 3, Identity = new(new(1), null, new(1)) };
            var claimed = await store.ClaimAsync(claim);
            await store.SettleAsync(
                [.. claimed.Select(static each => new TaskChange(
                    each.Task.Id, new TaskCommand.Complete(each.Task.Lease!.Token, "2"u8.ToArray())))], claim);
            await store.SweepAsync(10);
        }

        using var file = new SqliteFile(host.Folder);
        string[] tables =
            ["task_modules", "queue_policies", "checks", "holders", "answers", "answer_bodies", "secrets"];
        foreach (var table in tables) Assert.Equal(0, file.Connection.ReadLong($"SELECT count(*) FROM {table}"));
        Assert.Equal(1, file.Connection.ReadLong("SELECT count(*) FROM lanes"));
    }
}
