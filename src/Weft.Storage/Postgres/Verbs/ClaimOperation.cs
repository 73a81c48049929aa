using Weft.Core.Storage;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Leases ready tasks to a worker.</summary>
internal sealed class ClaimOperation(ClaimRequest request) : PostgresOperation<IReadOnlyList<ClaimedTask>>
{
    private PostgresClaim _claim = null!;

    public override int Rows => request.Max;

    public override void Ask(PostgresQuestions questions) => questions.Claims.Add(_claim = new(request));

    public override void Decide(PostgresUnit unit)
    {
    }

    public override void Finish(PostgresUnit unit) => Outcome = _claim.Finish(unit);
}
