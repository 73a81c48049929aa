using System.Numerics;
using Weft.Core.Modules;

namespace Weft.Core.Matching;

/// <summary>
/// What a task needs of its worker. Equal sets have equal text, whatever order they were given in:
/// tasks of one queue with equal requirements wait in one lane.
/// </summary>
public sealed class Requirements : IEquatable<Requirements>
{
    // Words before the labels. No label that a submitter may write begins so. Before all that
    // is made of them.
    private static readonly (Marks Mark, string Word)[] MarkWords =
        [(Marks.Untokened, "~"), (Marks.Verified, "!"), (Marks.Check, "?"), (Marks.Paced, "+")];

    /// <summary>Any worker will do.</summary>
    public static readonly Requirements None = new([]);

    /// <summary>
    /// Any worker will do, and the task came without a token where others need one: see <see cref="IsUntokened"/>.
    /// </summary>
    public static readonly Requirements Untokened = new([], Marks.Untokened);

    private static readonly Requirements JustWasi = Parse(ModuleKinds.Wasi);
    private static readonly Requirements JustJavaScript = Parse(ModuleKinds.JavaScript);
    private static readonly Requirements JustPython = Parse(ModuleKinds.Python);

    private readonly Label[] _labels;
    private readonly Marks _marks;

    private Requirements(Label[] labels, Marks marks = Marks.None)
    {
        _labels = labels;
        _marks = marks;
        var texts = labels.Select(static label => label.Amount == 0 ? label.Name : $"{label.Name}>={label.Amount}");
        Text = string.Join(' ', WordsOf(marks).Concat(texts));
        RunsModule = Array.Exists(labels, static label => ModuleKinds.IsProgram(label.Name));
        HasFiles = Array.Exists(labels, static label => label.Name == ModuleKinds.Files);
        AsksForNothing = Array.TrueForAll(
            labels, label => ModuleKinds.IsLabel(label.Name) || (RunsModule && IsOfModule(label)));
    }

    /// <summary>The canonical form: labels sorted by name, a blank between them; empty for none.</summary>
    public string Text { get; }

    /// <summary>True when the worker must run a module: the tasks have one.</summary>
    public bool RunsModule { get; }

    /// <summary>True when the worker must fetch files: the tasks have some.</summary>
    public bool HasFiles { get; }

    /// <summary>True when what the worker runs, or finds, is stored beside the task.</summary>
    public bool HasCall => RunsModule || HasFiles;

    /// <summary>
    /// True when nothing but a module with what it needs, and files, are asked for, or not even that: a queue can't
    /// hold many such sets.
    /// </summary>
    public bool AsksForNothing { get; }

    /// <summary>
    /// True when the task came without a token where others need one. Such tasks have lanes of their own: every worker
    /// may have them, and a worker without a token finds them without a look at the others.
    /// </summary>
    public bool IsUntokened => _marks.HasFlag(Marks.Untokened);

    /// <summary>
    /// True when results are believed only once others have checked them. Such tasks have lanes of their own: only a
    /// worker that proves who it is may have them, and every other claim passes them by without a look.
    /// </summary>
    public bool IsVerified => _marks.HasFlag(Marks.Verified);

    /// <summary>
    /// True for the checks of such tasks, which nobody has submitted and no list shows. They are verified, too.
    /// </summary>
    public bool IsCheck => _marks.HasFlag(Marks.Check);

    /// <summary>
    /// True for verified tasks that workers get no faster than their answers are found right, by what is known of
    /// them: see <see cref="Verification.VerificationRules.TasksAllowed"/>.
    /// </summary>
    public bool IsPaced => _marks.HasFlag(Marks.Paced);

    /// <summary>The labels, each as a submitter may write it.</summary>
    public IReadOnlyList<string> Labels => _labels.Length == 0 ? [] : Text.Split(' ')[WordsOf(_marks).Count()..];

    /// <summary>Reads a submitter's labels; null when one isn't a requirement or there are too many.</summary>
    public static Requirements? TryParse(IReadOnlyCollection<string> labels)
    {
        if (labels.Count == 0) return None;
        return labels.Count > Limits.RequirementsMax ? null : TryRead(labels);
    }

    /// <summary>Reads the canonical form back.</summary>
    public static Requirements Parse(string text)
    {
        var words = text.Length == 0 ? [] : text.Split(' ');
        var (marks, first) = (Marks.None, 0);
        foreach (var (mark, word) in MarkWords)
        {
            if (first == words.Length || words[first] != word) continue;
            marks |= mark;
            first++;
        }

        if (words.Length == 0) return None;
        if (text == Untokened.Text) return Untokened;
        return TryRead(words[first..], marks)
            ?? throw new FormatException($"'{text}' is not a set of requirements.");
    }

    /// <summary>These, of a task whose result is to be verified.</summary>
    public Requirements Verified(bool isPaced = false) => IsVerified
        ? this
        : new(_labels, _marks | Marks.Verified | (isPaced ? Marks.Paced : Marks.None));

    /// <summary>These, of a check.</summary>
    public Requirements Check() => IsCheck
        ? this
        : new(_labels, (_marks & ~Marks.Paced) | Marks.Verified | Marks.Check);

    /// <summary>
    /// These, and a worker that can run such modules: one label more, which may be one more than a submitter may give.
    /// </summary>
    public Requirements And(ModuleKind kind)
    {
        if (Text.Length > 0) return Parse($"{Text} {kind.Label}");
        return kind switch
        {
            ModuleKind.JavaScript => JustJavaScript,
            ModuleKind.Python or ModuleKind.PythonFolder => JustPython,
            _ => JustWasi,
        };
    }

    /// <summary>
    /// These, and a worker that has so much memory, rounded up to a power of two: each amount is a lane of its own.
    /// What every worker is taken to have is no requirement.
    /// </summary>
    public Requirements AndMemory(int megabytes) => megabytes <= Limits.RunMemoryMbAnywhere
        ? this
        : Parse($"{Text} {ModuleKinds.Memory}>={BitOperations.RoundUpToPowerOf2((uint)megabytes)}");

    /// <summary>These, and a worker that can fetch files.</summary>
    public Requirements AndFiles() => Parse(Text.Length > 0 ? $"{Text} {ModuleKinds.Files}" : ModuleKinds.Files);

    /// <summary>These, and a worker that can run what was compiled for Pyodide.</summary>
    public Requirements AndPyodide() => Parse($"{Text} {ModuleKinds.Pyodide}");

    /// <summary>True when a worker with these capabilities may run the task.</summary>
    public bool AreMetBy(Capabilities capabilities)
    {
        foreach (var label in _labels)
        {
            if (!capabilities.Meets(label)) return false;
        }

        return true;
    }

    /// <summary>Those of <see cref="Labels"/> that a worker with these capabilities doesn't meet.</summary>
    public IReadOnlyList<string> UnmetBy(Capabilities capabilities) =>
        [.. Labels.Where((_, i) => !capabilities.Meets(_labels[i]))];

    public bool Equals(Requirements? other) => Text == other?.Text;

    public override bool Equals(object? obj) => Equals(obj as Requirements);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    // What AndMemory and AndPyodide add, which a submitter may write, too.
    private static bool IsOfModule(Label label) => label.Name == ModuleKinds.Memory
        ? label.Amount is > Limits.RunMemoryMbAnywhere and <= Limits.RunMemoryMbMax && long.IsPow2(label.Amount)
        : label is { Name: ModuleKinds.Pyodide, Amount: 0 };

    private static IEnumerable<string> WordsOf(Marks marks) =>
        MarkWords.Where(mark => marks.HasFlag(mark.Mark)).Select(static mark => mark.Word);

    private static Requirements? TryRead(IReadOnlyCollection<string> labels, Marks marks = Marks.None)
    {
        var amounts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in labels)
        {
            if (!Label.TryParseRequirement(text, out var label)) return null;
            amounts[label.Name] = Math.Max(label.Amount, amounts.GetValueOrDefault(label.Name));
        }

        return new([.. amounts.Select(static pair => new Label(pair.Key, pair.Value))], marks);
    }

    /// <summary>What sets tasks apart from others that ask the same of their worker.</summary>
    [Flags]
    private enum Marks : byte
    {
        None = 0,
        Untokened = 1,
        Verified = 2,
        Check = 4,
        Paced = 8,
    }
}
