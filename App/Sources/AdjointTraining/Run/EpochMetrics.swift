/// What was measured after one epoch. No times, so that equal runs write equal files.
public struct EpochMetrics: Codable, Sendable, Equatable {
    /// The epoch, counted from 1.
    public var epoch: Int
    /// Optimiser steps done since the start.
    public var step: Int
    /// The learning rate of the last step.
    public var learningRate: Double
    /// The mean loss and the share recognised over the epoch's batches, as they were trained on.
    public var trainLoss: Double
    public var trainAccuracy: Double
    /// The mean loss and the share recognised over the held-out examples after the epoch.
    public var heldOutLoss: Double
    public var heldOutAccuracy: Double

    /// Metrics of one epoch.
    public init(
        epoch: Int, step: Int, learningRate: Double, trainLoss: Double, trainAccuracy: Double,
        heldOutLoss: Double, heldOutAccuracy: Double
    ) {
        self.epoch = epoch
        self.step = step
        self.learningRate = learningRate
        self.trainLoss = trainLoss
        self.trainAccuracy = trainAccuracy
        self.heldOutLoss = heldOutLoss
        self.heldOutAccuracy = heldOutAccuracy
    }

    /// The table `metrics.csv`: a header, then a line an epoch, every digit of every number.
    public static func csv(_ metrics: [EpochMetrics]) -> String {
        let header =
            "epoch,step,learning_rate,train_loss,train_accuracy,held_out_loss,held_out_accuracy\n"
        return metrics.reduce(into: header) { text, row in
            let numbers = [
                row.learningRate, row.trainLoss, row.trainAccuracy, row.heldOutLoss,
                row.heldOutAccuracy,
            ]
            text += "\(row.epoch),\(row.step),"
            text += numbers.map { "\($0)" }.joined(separator: ",") + "\n"
        }
    }
}
