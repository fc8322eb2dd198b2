namespace Gatehouse.Gateways.Python;

/// <summary>Kinds of frames on a worker's channel, as worker.py has them.</summary>
internal enum AnswerKind
{
    None = 0,

    /// <summary>The worker takes requests.</summary>
    Ready = 1,

    /// <summary>A whole answer.</summary>
    Whole = 2,

    /// <summary>The head of an answer, with the first part of its body.</summary>
    Head = 3,

    /// <summary>A further part of the body.</summary>
    Data = 4,

    /// <summary>The end of an answer.</summary>
    End = 5,

    /// <summary>The application failed before its answer began.</summary>
    Failed = 6,

    /// <summary>The application failed after its answer began; towards the worker: the client is gone.</summary>
    Abort = 7,

    /// <summary>A whole answer whose body is a part of a file, passed along; towards the worker: the file of a request's body.</summary>
    File = 8,

    /// <summary>The worker asks for the file of the request's body.</summary>
    Body = 9,

    /// <summary>The worker asks for the next part of the request's body.</summary>
    Pull = 10,

    /// <summary>The worker takes no more requests.</summary>
    Leaving = 11,

    /// <summary>Towards the worker: the answer is in vain.</summary>
    Cancel = 12,

    /// <summary>A WebSocket is accepted.</summary>
    Accept = 13,

    /// <summary>A message of a WebSocket, either way.</summary>
    Message = 14,

    /// <summary>The end of a WebSocket, either way.</summary>
    Close = 15,

    /// <summary>Towards the worker: the client has ended its side, and may still read the answer.</summary>
    Ended = 16,

    /// <summary>Made here: a client of a WebSocket asked whether someone is there.</summary>
    Pong = 90,

    /// <summary>Made here: a client of a WebSocket has ended, or is to be ended.</summary>
    Closing,

    /// <summary>Made here: the worker died.</summary>
    Died = 100,

    /// <summary>Made here: the time was up.</summary>
    TimedOut,

    /// <summary>Made here: no worker took the request.</summary>
    Refused,

    /// <summary>Made here: the client is gone.</summary>
    Gone,
}
