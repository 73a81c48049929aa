using System.Globalization;
using Weft.Core.Verification;

namespace Weft.Demo.Liars;

/// <summary>
/// The outcomes of the demo with dishonest workers, compared with the correct products. Safe for use by many threads.
/// </summary>
internal sealed class LiarsTally(LiarsOptions options) : IDemoProgress
{
    private readonly bool?[] _told = new bool?[options.Tasks];
    private int _done;
    private int _copies;

    public int Total => options.Tasks;

    public int Done => Volatile.Read(ref _done);

    /// <summary>Reported results.</summary>
    public int Told => _told.Count(static told => told is not null);

    /// <summary>Of those, the wrong ones.</summary>
    public int Wrong => _told.Count(static told => told is false);

    /// <summary>Of the wrong ones, those that a correction fixed.</summary>
    public int Mended { get; private set; }

    /// <summary>Correct results that a correction made wrong.</summary>
    public int Spoilt { get; private set; }

    /// <summary>Dishonest and honest workers that were barred.</summary>
    public (int Liars, int Honest) Barred { get; set; }

    public TimeSpan Time { get; set; }

    /// <summary>Whether all products were reported, and no more of them were wrong than chance explains.</summary>
    public bool IsKept =>
        Told == options.Tasks && VerificationRules.IsKept(options.Policy, options.Tasks, Wrong) == true;

    /// <summary>Records that a worker computed a product, correctly or not.</summary>
    public void Computed() => Interlocked.Increment(ref _copies);

    /// <param name="index">The product's position.</param>
    /// <param name="isRight">Null: there was no result.</param>
    public void Note(int index, bool? isRight)
    {
        _told[index] = isRight;
        Interlocked.Increment(ref _done);
    }

    /// <param name="index">The product's position.</param>
    /// <param name="isRight">Whether the accepted result is now correct; null: there is none.</param>
    public void Correct(int index, bool? isRight)
    {
        if (_told[index] is false && isRight is not false) Mended++;
        else if (_told[index] is true) Spoilt++;
    }

    /// <summary>The summary of a finished demo.</summary>
    public void Print(TextWriter output)
    {
        var policy = options.Policy;
        var audited = (Mended, Spoilt) switch
        {
            (0, 0) when Wrong == 0 => "",
            (_, 0) => $"; audits found and corrected {Mended}",
            _ => $"; audits found and corrected {Mended}, but made {Spoilt} wrong",
        };
        var (wrong, hostile) = (Percent(policy.MaxWrong), Percent(policy.AssumeHostile));
        var honest = options.Workers - options.Liars;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            {Told} of {options.Tasks} products told, by {options.Workers} workers
              Promised     at most {wrong} wrong while {hostile} of the workers lie together
              Measured     {Percent(Told == 0 ? 0 : (double)Wrong / Told)} wrong when told: {Wrong}{audited}
              Copies       {(double)_copies / options.Tasks:0.00} of each task
              Barred       {Barred.Liars} of {options.Liars} liars, {Barred.Honest} of {honest} honest workers
              Time         {Time.TotalSeconds:0.0} s
            """));
    }

    private static string Percent(double share) =>
        (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
