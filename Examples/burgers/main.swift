// swift run -c release burgers --steps 600 --seed 1
import AdjointExamples
import Foundation

guard let flags = Flags(["steps": 2_400, "points": 2_000, "seed": 0]) else { exit(2) }
var training = BurgersTraining()
training.steps = flags["steps"]
training.points = flags["points"]
training.seed = flags["seed"]
let result = training.run { progress in
    if let error = progress.measured {
        let line = "step %4d  loss %.5f  relative L2 error %.4f"
        print(String(format: line, progress.step, progress.loss, error))
    }
    return true
}
print("relative L2 error against the exact solution: \(result.error)")
