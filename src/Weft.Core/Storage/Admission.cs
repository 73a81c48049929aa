namespace Weft.Core.Storage;

/// <summary>
/// The order of refusal when something limited fills up: new work first, progress of existing work last.
/// </summary>
public enum Admission : byte
{
    /// <summary>New work: refused once three quarters are in use.</summary>
    NewWork,

    /// <summary>Progress of existing work: refused only when everything is in use.</summary>
    Progress,
}

public static class Admissions
{
    extension(Admission admission)
    {
        /// <summary>How much of <paramref name="max"/> may be used.</summary>
        public long LimitOf(long max) => admission == Admission.NewWork ? max - max / 4 : max;
    }
}
