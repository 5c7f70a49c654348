// swift run -c release digits --epochs 5 --seed 1
import AdjointExamples
import Foundation

guard let flags = Flags(["epochs": 12, "seed": 0]) else { exit(2) }
var training = DigitsTraining()
training.epochs = flags["epochs"]
training.seed = flags["seed"]
let result = training.run { progress in
    if let accuracy = progress.measured {
        print("step \(progress.step)  loss \(progress.loss)  held-out accuracy \(accuracy)")
    }
    return true
}
print("held-out images recognised: \(result.accuracy * 100)%")
