using System.Numerics;
using Weft.Core.Modules;

namespace Weft.Core.Matching;

/// <summary>
/// What a task requires of its worker. Equal sets have equal text, whatever the order of the labels: tasks of one queue
/// with equal requirements wait in one lane.
/// </summary>
public sealed class Requirements : IEquatable<Requirements>
{
    // Words before the labels. No submitter's label may begin like them. Declared first, since the static members below
    // use them.
    private static readonly (Marks Mark, string Word)[] MarkWords =
        [(Marks.Untokened, "~"), (Marks.Verified, "!"), (Marks.Check, "?"), (Marks.Paced, "+")];

    /// <summary>Any worker is suitable.</summary>
    public static readonly Requirements None = new([]);

    /// <summary>
    /// Any worker is suitable, and the task was submitted without a token where others need one: see
    /// <see cref="IsUntokened"/>.
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

    /// <summary>The canonical form: labels sorted by name, separated by spaces; empty for none.</summary>
    public string Text { get; }

    /// <summary>True if the worker must run a module.</summary>
    public bool RunsModule { get; }

    /// <summary>True if the worker must download files.</summary>
    public bool HasFiles { get; }

    /// <summary>True if the task's module or files are stored in the coordinator.</summary>
    public bool HasCall => RunsModule || HasFiles;

    /// <summary>
    /// True when nothing but a module with what it needs, and files, are asked for, or not even that: a queue can't
    /// hold many such sets.
    /// </summary>
    public bool AsksForNothing { get; }

    /// <summary>
    /// True if the task was submitted without a token where others need one. Such tasks have their own lanes: every
    /// worker may have them, and a worker without a token finds them without examining the others.
    /// </summary>
    public bool IsUntokened => _marks.HasFlag(Marks.Untokened);

    /// <summary>
    /// True if results are accepted only after verification. Such tasks have their own lanes: only a worker with a key
    /// may have them, and every other claim skips them.
    /// </summary>
    public bool IsVerified => _marks.HasFlag(Marks.Verified);

    /// <summary>
    /// True for the checks of such tasks, which have no submitter and appear in no list. They are verified as well.
    /// </summary>
    public bool IsCheck => _marks.HasFlag(Marks.Check);

    /// <summary>
    /// True for verified tasks that workers may claim only as fast as their answers are found correct, given their
    /// reputation: see <see cref="Verification.VerificationRules.TasksAllowed"/>.
    /// </summary>
    public bool IsPaced => _marks.HasFlag(Marks.Paced);

    /// <summary>The labels, each as a submitter may write it.</summary>
    public IReadOnlyList<string> Labels => _labels.Length == 0 ? [] : Text.Split(' ')[WordsOf(_marks).Count()..];

    /// <summary>Parses a submitter's labels; null if one isn't a requirement or there are too many.</summary>
    public static Requirements? TryParse(IReadOnlyCollection<string> labels)
    {
        if (labels.Count == 0) return None;
        return labels.Count > Limits.RequirementsMax ? null : TryRead(labels);
    }

    /// <summary>Parses the canonical form.</summary>
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

    /// <summary>The same for a task whose result is verified.</summary>
    public Requirements Verified(bool isPaced = false) => IsVerified
        ? this
        : new(_labels, _marks | Marks.Verified | (isPaced ? Marks.Paced : Marks.None));

    /// <summary>The same for a check.</summary>
    public Requirements Check() => IsCheck
        ? this
        : new(_labels, (_marks & ~Marks.Paced) | Marks.Verified | Marks.Check);

    /// <summary>
    /// The same, plus a worker that can run such modules: one more label, which may be one more than a submitter may
    /// give.
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
    /// The same, plus a worker with this much memory, rounded up to a power of two: each amount is a lane of its own.
    /// An amount that every worker is assumed to have is not a requirement.
    /// </summary>
    public Requirements AndMemory(int megabytes) => megabytes <= Limits.RunMemoryMbAnywhere
        ? this
        : Parse($"{Text} {ModuleKinds.Memory}>={BitOperations.RoundUpToPowerOf2((uint)megabytes)}");

    /// <summary>The same, plus a worker that can download files.</summary>
    public Requirements AndFiles() => Parse(Text.Length > 0 ? $"{Text} {ModuleKinds.Files}" : ModuleKinds.Files);

    /// <summary>The same, plus a worker that can run packages compiled for Pyodide.</summary>
    public Requirements AndPyodide() => Parse($"{Text} {ModuleKinds.Pyodide}");

    /// <summary>True if a worker with these capabilities may run the task.</summary>
    public bool AreMetBy(Capabilities capabilities)
    {
        foreach (var label in _labels)
        {
            if (!capabilities.Meets(label)) return false;
        }

        return true;
    }

    /// <summary>The <see cref="Labels"/> that a worker with these capabilities doesn't meet.</summary>
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

    /// <summary>The properties that separate tasks from others with the same labels.</summary>
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
