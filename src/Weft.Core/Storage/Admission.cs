namespace Weft.Core.Storage;

/// <summary>Who is turned away first when something bounded fills up: new work, before what moves work on.</summary>
public enum Admission : byte
{
    /// <summary>Brings new work: turned away once three quarters are taken.</summary>
    NewWork,

    /// <summary>Moves work on: turned away only when all is taken.</summary>
    Progress,
}

public static class Admissions
{
    extension(Admission admission)
    {
        /// <summary>How much of <paramref name="max"/> may be taken.</summary>
        public long LimitOf(long max) => admission == Admission.NewWork ? max - max / 4 : max;
    }
}
