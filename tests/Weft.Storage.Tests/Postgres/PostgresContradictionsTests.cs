using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Postgres;

/// <summary>The check that all tests of the engine rest on: it finds what doesn't agree.</summary>
public sealed class PostgresContradictionsTests
{
    // Each makes rows contradict each other that agreed, whatever those before it have done.
    private static readonly string[] Damages =
    [
        "UPDATE counts SET ready = ready + 1 WHERE lane = (SELECT min(lane) FROM counts)",
        "UPDATE group_counts SET dead = dead + 1",
        "DELETE FROM payloads WHERE task = (SELECT max(id) FROM tasks)",
        "DELETE FROM results",
        "INSERT INTO checkpoints (task, body) VALUES (1000000, '')",
        "INSERT INTO errors (task, text) VALUES (1000000, '')",
        "INSERT INTO task_owners (task, owner) VALUES (1000000, 1)",
        "UPDATE owner_counts SET tasks = tasks + 1",
        "UPDATE idempotency_keys SET tasks = '{1000000}'",
        "DELETE FROM groups",
        "UPDATE tasks SET state = 6 WHERE state = 1",
        "DELETE FROM lanes",
    ];

    [Fact]
    public async Task EachDamage_IsFound()
    {
        await using var host = new PostgresStoreHost();
        await using (var store = (TaskStore)await host.OpenAsync())
        {
            var token = (await store.Tokens.AddAsync(new(Scope.Submit, []), new byte[32]))!;
            var group = (await store.CreateGroupAsync(null))!.Value;
            var task = new NewTask { Payload = new("1"u8.ToArray(), IsJson: true), Group = group };
            await store.SubmitAsync(new([task, task], new("key", new byte[] { 1 }), Owner: token.Id));
            var other = task with { Group = null, Queue = "other" };
            var done = (await store.SubmitAsync(new([other], Owner: token.Id))).Ids[0];
            await store.ApplyAsync([new(done, new TaskCommand.Complete(null, "2"u8.ToArray()))]);
        }

        host.AssertSound();
        var found = new HashSet<string>();
        foreach (var damage in Damages)
        {
            await host.ExecuteAsync(damage);
            var now = host.FindContradictions();
            Assert.True(now.Any(found.Add), $"Nothing new was found after: {damage}");
        }
    }
}
