namespace Weft.Storage.Postgres.Verbs;

/// <summary>Changes nothing: it comes through only when the primary takes transactions, and its standby what they write.</summary>
internal sealed class ProbeOperation : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit) => Outcome = unit.MustVouch = true;
}
