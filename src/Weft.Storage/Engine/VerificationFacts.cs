using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>
/// What decides about answers besides the answers themselves, as one transaction sees and changes it: what is known of
/// the workers who gave them, of the module that they ran, and of who else is there.
/// </summary>
internal sealed class VerificationFacts
{
    private readonly Dictionary<(string Queue, long Identity), StoredStanding> _standings = [];
    private readonly Dictionary<(string Queue, long Module), ModuleChecks> _modules = [];
    private readonly Dictionary<string, List<SeenWorker>> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueWorkers> _workers = new(StringComparer.Ordinal);
    private readonly HashSet<(string Queue, long Module)> _changed = [];

    /// <summary>Whether what is known of a worker has been read.</summary>
    public bool Knows(string queue, IdentityId identity) => _standings.ContainsKey((queue, identity.Value));

    /// <summary>What is known of a worker; of one that nobody knows, nothing.</summary>
    public StoredStanding Of(string queue, IdentityId identity)
    {
        if (!_standings.TryGetValue((queue, identity.Value), out var standing))
        {
            _standings.Add((queue, identity.Value), standing = new(identity, queue));
        }

        return standing;
    }

    public void AddStanding(IRow row)
    {
        var standing = StoredStanding.Read(row);
        _standings[(standing.Queue, standing.Identity.Value)] = standing;
    }

    /// <summary>What is known of a queue's module.</summary>
    public ModuleChecks ChecksOf(string queue, long module) => _modules.GetValueOrDefault((queue, module));

    /// <summary>A check of it is decided.</summary>
    public void AddCheck(string queue, long module, bool isDispute)
    {
        _modules[(queue, module)] = ChecksOf(queue, module).With(isDispute);
        _changed.Add((queue, module));
    }

    /// <summary>Adds the statements that read of a copy's module what others have left.</summary>
    public void QueryModule(IStatements statements, TaskId copy) => statements.Query(StoreSql.SelectModuleChecks, row =>
        _modules[(row.Text(0), row.Long(1))] = new(
            new UInt128(unchecked((ulong)row.Long(2)), unchecked((ulong)row.Long(3))), (int)row.Long(4)))
        .With(copy.Value);

    /// <summary>Adds the statement that reads who is there, unless that is known well enough.</summary>
    public void QueryWorkers(IStatements statements, string queue, SeenWorkers seen, DateTimeOffset now)
    {
        if (_read.ContainsKey(queue) || seen.Find(queue, now) is not null) return;
        var found = _read[queue] = [];
        statements.Query(StoreSql.SelectSeenWorkers, row => found.Add(
            new(new(row.Long(0)), new(unchecked((ulong)row.Long(1))), row.Long(2), row.Long(3) != 0, row.Long(4),
                row.Long(5))))
            .With(queue)
            .With((now - Core.Limits.VerifySeenTime).ToUnixTimeMilliseconds());
    }

    /// <summary>Who is there.</summary>
    public QueueWorkers WorkersOf(string queue, SeenWorkers seen, DateTimeOffset now)
    {
        if (_workers.TryGetValue(queue, out var known)) return known;
        return _workers[queue] = _read.TryGetValue(queue, out var read)
            ? seen.Keep(queue, new(read), now)
            : seen.Find(queue, now) ?? QueueWorkers.None;
    }

    /// <summary>Stores what has changed.</summary>
    public void Save(WriteTransaction transaction)
    {
        StoredStanding[] changed = [.. _standings.Values.Where(static standing => standing.IsChanged)];
        var modules = _changed.Select(key => (key.Queue, key.Module, Checks: _modules[key])).ToArray();
        _changed.Clear();
        if (changed.Length + modules.Length == 0) return;
        transaction.Write(statements =>
        {
            foreach (var standing in changed) standing.Save(statements);
            foreach (var (queue, module, checks) in modules)
            {
                statements.Run(StoreSql.UpsertModuleChecks)
                    .With(queue)
                    .With(module)
                    .With(unchecked((long)(ulong)(checks.Disputes >> 64)))
                    .With(unchecked((long)(ulong)checks.Disputes))
                    .With(checks.Count);
            }
        });
    }
}
