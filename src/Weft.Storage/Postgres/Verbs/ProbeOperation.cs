namespace Weft.Storage.Postgres.Verbs;

/// <summary>Nothing at all: it comes through only when the primary takes transactions.</summary>
internal sealed class ProbeOperation : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit) => Outcome = true;
}
