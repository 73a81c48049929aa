using Weft.Torture.Checking;
using Weft.Torture.Histories;
using Weft.Torture.Targets;

namespace Weft.Torture.Reporting;

/// <summary>What a run has come to so far.</summary>
/// <param name="folder">Where histories of violations go.</param>
/// <param name="isQuiet">Violations are what is wanted: nobody is told, and no history is kept.</param>
internal sealed class Tally(string folder, bool isQuiet = false)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _faults = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _operations = new(StringComparer.Ordinal);
    private readonly List<Violation> _violations = [];
    private readonly List<string> _notRun = [];
    private readonly List<string> _notes = [];
    private readonly List<(string Name, bool Caught, string How)> _controls = [];

    public long Crashes { get; private set; }

    /// <summary>Stores that were brought to rest and held against their history.</summary>
    public long Stores { get; private set; }

    public IReadOnlyDictionary<string, long> Faults => _faults;

    public IReadOnlyDictionary<string, long> Operations => _operations;

    public IReadOnlyList<Violation> Violations => _violations;

    public IReadOnlyList<string> NotRun => _notRun;

    /// <summary>What was measured besides.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public IReadOnlyList<(string Name, bool Caught, string How)> Controls => _controls;

    public void Hit(string fault)
    {
        lock (_gate) _faults[fault] = _faults.GetValueOrDefault(fault) + 1;
    }

    public void Crashed()
    {
        lock (_gate) Crashes++;
    }

    public void Skip(string what, string why)
    {
        lock (_gate) _notRun.Add($"{what}: {why}");
    }

    public void Note(string note)
    {
        lock (_gate) _notes.Add(note);
    }

    public void Control(string name, bool caught, string how)
    {
        lock (_gate) _controls.Add((name, caught, how));
    }

    /// <summary>
    /// Adds a store's history and what the checker says; a history with violations is kept in a file, and beside it
    /// what the coordinator printed.
    /// </summary>
    public void Add(History history, IReadOnlyList<Violation> violations, string name, string printed = "")
    {
        lock (_gate)
        {
            Stores++;
            foreach (var operation in history.Operations)
            {
                var kind = $"{operation.Kind} {operation.Outcome}";
                _operations[kind] = _operations.GetValueOrDefault(kind) + 1;
            }

            _violations.AddRange(violations);
            if (violations.Count == 0 || isQuiet) return;
            var path = Path.Combine(folder, $"{name}.ndjson");
            history.Save(path);
            if (printed.Length > 0) File.WriteAllText(Path.ChangeExtension(path, "log"), printed);
            Console.Error.WriteLine($"VIOLATION in {name}; its history is {path}");
            foreach (var violation in violations.Take(10)) Console.Error.WriteLine($"  {violation}");
            foreach (var error in printed.Split('\n')
                .Where(static line => line.StartsWith(WeftProcess.ErrorStart, StringComparison.Ordinal)).Take(3))
                Console.Error.WriteLine($"  {error}");
        }
    }

    public long Count(Outcome outcome) =>
        _operations.Where(pair => pair.Key.EndsWith($" {outcome}", StringComparison.Ordinal))
            .Sum(static pair => pair.Value);
}
