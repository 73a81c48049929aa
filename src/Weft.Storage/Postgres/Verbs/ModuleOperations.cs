using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Begins to take a module in, and forgets what was given up by whoever brought it, at whichever coordinator.</summary>
internal sealed class BeginUploadOperation(ModuleKind kind, string? name) : PostgresOperation<ModuleUploadId>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit) => unit.Stores.Add(trip =>
    {
        trip.Run(PostgresSql.DeleteAbandoned).With((long)Limits.ModuleUploadIdleMax.TotalMilliseconds);
        trip.Ask(PostgresSql.InsertUpload, row => Outcome = new(row.GetInt64(0))).With((int)kind).With(name);
    });
}

/// <summary>Stores a chunk. False: the upload was given up meanwhile.</summary>
internal sealed class AppendOperation(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk) : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit)
    {
        Outcome = false;
        unit.Stores.Add(trip => trip.Ask(PostgresSql.InsertChunk, _ => Outcome = true).With(upload.Value).With(index).With(PostgresParameters.Array(chunk)));
    }
}

/// <summary>Makes a module of its chunks, unless it is known or there are too many.</summary>
internal sealed class SealOperation(ModuleUploadId upload, ModuleHash hash, long size) : PostgresOperation<ModuleSealed>
{
    public override void Ask(PostgresQuestions questions) => questions.ChangesModules = true;

    public override void Decide(PostgresUnit unit)
    {
        Outcome = default;
        unit.Stores.Add(trip =>
        {
            trip.Ask(PostgresSql.SealUpload, _ => Outcome = Outcome with { IsNew = true }).With(upload.Value).With(hash.ToString()).With(size).With((long)Limits.ModulesMax);
            trip.Run(PostgresSql.RenameModule).With(upload.Value).With(hash.ToString());
            trip.Run(PostgresSql.DropUpload).With(upload.Value);
            trip.Ask(PostgresSql.SelectModule, row => Outcome = Outcome with { Module = PostgresModuleStore.Read(row) }).With(hash.ToString());
        });
    }
}

/// <summary>Forgets an upload that wasn't sealed.</summary>
internal sealed class DropUploadOperation(ModuleUploadId upload) : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit) => unit.Stores.Add(trip => trip.Run(PostgresSql.DropUpload).With(upload.Value));
}

/// <summary>Deletes a module that nothing names.</summary>
internal sealed class DeleteModuleOperation(ModuleHash hash) : PostgresOperation<ModuleDeletion>
{
    public override void Ask(PostgresQuestions questions) => questions.ChangesModules = true;

    public override void Decide(PostgresUnit unit)
    {
        Outcome = ModuleDeletion.NotFound;
        unit.Stores.Add(trip =>
        {
            trip.Ask(PostgresSql.SelectModule, _ => Outcome = ModuleDeletion.InUse).With(hash.ToString());
            trip.Ask(PostgresSql.DeleteModule, _ => Outcome = ModuleDeletion.Deleted).With(hash.ToString());
        });
    }
}

/// <summary>Gives a queue a module, or takes it away. False: there is no such module.</summary>
internal sealed class SetQueueModuleOperation(string queue, ModuleCall? call) : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions) => questions.ChangesModules = true;

    public override void Decide(PostgresUnit unit)
    {
        Outcome = call is null;
        unit.Stores.Add(trip =>
        {
            if (call is null) trip.Run(PostgresSql.DeleteQueueModule).With(queue);
            else trip.Ask(PostgresSql.UpsertQueueModule, _ => Outcome = true).With(queue).With(call.Module.ToString()).With(call.Run);
        });
    }
}
