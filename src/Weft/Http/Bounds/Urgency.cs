namespace Weft.Http.Bounds;

/// <summary>What a request is turned away for first when the coordinator has more to do than it can.</summary>
internal enum Urgency
{
    /// <summary>Moves work on: turned away last.</summary>
    MovesWorkOn,

    /// <summary>Brings new work: turned away while there is still room for those that move work on.</summary>
    BringsWork,
}
