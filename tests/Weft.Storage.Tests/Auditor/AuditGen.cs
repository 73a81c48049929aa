using CsCheck;
using Weft.Core.Matching;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Auditor;

/// <summary>Random runs. Few queues, groups, keys and labels, and short times: so that things meet.</summary>
internal static class AuditGen
{
    private static readonly Gen<string> Queue = Gen.OneOf("a", "b", "c");
    private static readonly Gen<GroupId> Group = Gen.Long[1, 3].Select(static id => new GroupId(id));
    private static readonly Gen<Requirements> Needs =
        Gen.OneOf("", "", "gpu", "gpu memory>=2", "memory>=4").Select(Requirements.Parse);

    private static readonly Gen<Capabilities> Has =
        Gen.OneOf<string[]>([], ["gpu"], ["memory=4"], ["gpu", "memory=2"], ["gpu", "memory=8", "simd"])
            .Select(static labels => Capabilities.TryParse(labels)!);

    private static readonly Gen<NewTask> Task =
        Gen.Select(Queue, Needs, Gen.Int[-1, 1], Gen.Int[0, 99], Gen.Int[0, int.MaxValue], Group)
            .Select(static (queue, needs, priority, dice, number, group) => new NewTask
        {
            Queue = queue,
            Requires = needs,
            Priority = priority,
            Payload = new(dice % 3 == 0 ? BitConverter.GetBytes((long)number) : BitConverter.GetBytes(number),
                IsJson: number % 2 == 0),
            Type = dice % 3 == 0 ? "type" : null,
            Group = dice < 30 ? group : null,
            Delay = dice % 5 == 0 ? TimeSpan.FromMilliseconds(number % 9_000) : TimeSpan.Zero,
            ExpiresIn = dice % 7 == 0 ? TimeSpan.FromMilliseconds(number % 60_000) : null,
            LeaseTime = dice % 2 == 0 ? TimeSpan.FromMilliseconds(1_000 + number % 20_000) : null,
            MaxAttempts = 1 + number % 3,
        });

    private static readonly Gen<AuditStep> Submit =
        Gen.Select(Task.Array[1, 4], Gen.Int[0, 15]).Select(static (tasks, dice) =>
            (AuditStep)new AuditStep.Submit(new(tasks,
                dice < 4 ? new($"key {dice}", new byte[] { (byte)(tasks.Length % 2) }) : null,
                dice % 3 == 0 ? null : new(dice % 3))));

    private static readonly Gen<AuditStep> Claim =
        Gen.Select(Queue.Array[1, 4], Has, Gen.Int[1, 5], Gen.Int[0, 9])
            .Select(static (queues, capabilities, max, dice) => (AuditStep)new AuditStep.Claim(new()
        {
            WorkerId = $"worker {dice % 3}",
            Queues = queues,
            Capabilities = capabilities,
            Max = max,
            LeaseTime = dice == 0 ? TimeSpan.FromSeconds(3) : null,
        }));

    private static readonly Gen<AuditToken> Token =
        Gen.Frequency((8, AuditToken.Current), (2, AuditToken.Older), (1, AuditToken.Foreign), (1, AuditToken.None));

    private static readonly Gen<AuditVerb> Verb = Gen.Frequency(
        (5, AuditVerb.Complete), (5, AuditVerb.Fail), (3, AuditVerb.Release), (4, AuditVerb.Heartbeat),
        (1, AuditVerb.Cancel), (2, AuditVerb.Retry));

    private static readonly Gen<AuditStep> Apply = Gen.Select(Gen.Int[0, 1_000], Verb, Token, Gen.Int[0, 100_000])
        .Select(static (task, verb, token, number) => new AuditChange(task, verb, token, number))
        .Array[1, 6].Select(static changes => (AuditStep)new AuditStep.Apply(changes));

    private static readonly Gen<AuditStep> Step = Gen.Frequency(
        (6, (IGen<AuditStep>)Submit),
        (9, Claim),
        (10, Apply),
        (4, Gen.Select(Apply, Claim)
            .Select(static (changes,
                claim) => (AuditStep)new AuditStep.Settle((AuditStep.Apply)changes, (AuditStep.Claim)claim))),
        (4, Gen.Int[0, 20_000].Select(static ms => (AuditStep)new AuditStep.Advance(TimeSpan.FromMilliseconds(ms)))),
        (4, Gen.Const((AuditStep)new AuditStep.Sweep())),
        (1, Queue.Select(static queue => (AuditStep)new AuditStep.CancelWaiting(queue))),
        (1, Group.Select(static group => (AuditStep)new AuditStep.CancelGroup(group))),
        (1, Gen.OneOf("run", null).Select(static name => (AuditStep)new AuditStep.CreateGroup(name))),
        (2, Gen.Select(Queue, Gen.Int[0, 3])
            .Select(static (queue, dice) => (AuditStep)new AuditStep.Pause(queue, dice == 0))),
        (1, Gen.Int[0, 60]
            .Select(static seconds => (AuditStep)new AuditStep.DeleteFinished(TimeSpan.FromSeconds(seconds)))),
        (1, Gen.Const((AuditStep)new AuditStep.Restart())));

    public static readonly Gen<AuditStep[]> Run = Step.Array[1, 120];
}
