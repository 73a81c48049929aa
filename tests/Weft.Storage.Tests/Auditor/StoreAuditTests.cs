using System.Globalization;
using CsCheck;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// Random runs of an engine beside the model. A failure prints a seed: set CsCheck_Seed to it to see the same run
/// again. WEFT_AUDIT_ROUNDS sets how many runs there are.
/// </summary>
public abstract class StoreAuditTests(Func<IAuditedHost> newHost, int roundsDefault = 100)
{
    private int Rounds { get; } =
        Environment.GetEnvironmentVariable("WEFT_AUDIT_ROUNDS") is { } rounds
            ? int.Parse(rounds, CultureInfo.InvariantCulture) : roundsDefault;

    [Fact]
    public Task Store_AfterAnySteps_EqualsTheModel() => AuditGen.Run.SampleAsync(
        async steps =>
        {
            await using var host = newHost();
            await new StoreAudit(host).RunAsync(steps);
        },
        iter: Rounds,
        threads: 2,
        print: static steps => string.Join('\n', steps.Select(static step => step.ToString())));

    [Fact]
    public Task Store_UnderManyCallersAtOnce_KeepsTheInvariants() => Gen.Int[0, int.MaxValue].SampleAsync(
        async seed =>
        {
            await using var host = newHost();
            await new ConcurrentAudit(host, seed).RunAsync();
        },
        iter: Math.Max(1, Rounds / 10),
        threads: 1);
}
