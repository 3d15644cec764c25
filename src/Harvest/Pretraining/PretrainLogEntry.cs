namespace Workbench.Harvest.Pretraining;

/// <summary>One line of training.jsonl.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Tokens">Tokens trained on.</param>
/// <param name="Seconds">Training time.</param>
/// <param name="TrainLoss">Mean over the steps since the last line, nats per token.</param>
/// <param name="HeldOutLoss">On held-out text, nats per token.</param>
/// <param name="HeldOutLossPerByte">The same per byte of text.</param>
/// <param name="RateFactor">Learning rates as a share of their peaks.</param>
internal sealed record PretrainLogEntry(
    long Step, long Tokens, double Seconds, double TrainLoss, double HeldOutLoss, double HeldOutLossPerByte, double RateFactor);
