using Weft.Core.Storage;
using Weft.Core.Verification;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The volunteers' names, stored with the tasks.</summary>
internal sealed class BoardStore(TaskStore store, StoreReads reads) : IBoardStore
{
    public Task<bool> SetNameAsync(IdentityId worker, string name) =>
        store.RunAsync(new SetBoardNameOperation(worker, name), Admission.Progress);

    public Task ForgetAsync(IdentityId worker) =>
        store.RunAsync(new EndBoardNameOperation(StoreSql.DeleteBoardName, worker), Admission.Progress);

    public Task<bool> TakeOffAsync(IdentityId worker) =>
        store.RunAsync(new EndBoardNameOperation(StoreSql.TakeOffBoardName, worker), Admission.Progress);

    public Task AddWorkAsync(IReadOnlyList<WorkDone> done) =>
        store.RunAsync(new AddBoardWorkOperation(done), Admission.Progress);

    public Task<IReadOnlyList<NamedWorker>> ListAsync() => reads.ListAsync(
        StoreSql.SelectBoardNames,
        static row => new NamedWorker(
            new(row.Long(0)), row.TextOrNull(1), row.Time(2), row.Time(3), row.Long(4),
            TimeSpan.FromMilliseconds(row.Long(5))));
}
