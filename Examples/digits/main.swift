// swift run -c release digits --epochs 5 --seed 1
import AdjointExamples
import Foundation

guard let flags = Flags(["epochs": 12, "seed": 0]) else { exit(2) }
var training = DigitsTraining()
training.epochs = flags["epochs"]
training.seed = flags["seed"]
let result = training.run { progress in
    if let accuracy = progress.measured {
        let line = "step %4d  loss %.4f  held-out accuracy %.3f"
        print(String(format: line, progress.step, progress.loss, accuracy))
    }
    return true
}
print(String(format: "held-out images recognised: %.1f%%", 100 * result.accuracy))
