// swift run -c release burgers --steps 600 --seed 1
import AdjointExamples
import Foundation

guard let flags = Flags(["steps": 3_000, "seed": 0]) else { exit(2) }
var training = BurgersTraining()
training.steps = flags["steps"]
training.seed = flags["seed"]
let result = training.run { progress in
    if let error = progress.measured {
        print("step \(progress.step)  loss \(progress.loss)  relative L2 error \(error)")
    }
    return true
}
print("relative L2 error against the exact solution: \(result.error)")
