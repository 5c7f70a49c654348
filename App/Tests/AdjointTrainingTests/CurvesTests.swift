import Foundation
import Testing

@testable import AdjointTraining

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct CurvesTests {
    @Test(arguments: [0, 1, 2, 20, 300])
    func isWellFormedAndTheSameEachTime(count: Int) {
        let metrics = (0..<count).map { sampleMetrics($0 + 1, loss: $0 == 7 ? .nan : nil) }
        let svg = Curves(title: "a < b & \"c\"", metrics: metrics).svg()
        #expect(svg == Curves(title: "a < b & \"c\"", metrics: metrics).svg())
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        #expect(svg.contains(">a &lt; b &amp; \"c\"</text>"))
    }

    @Test func linearAxesEndAtRoundNumbersAroundTheValues() {
        let marks = CurveAxis.linear([0.62, 0.97], ceiling: 1).marks
        #expect(zip(marks, [0.6, 0.7, 0.8, 0.9, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(marks.count == 5)
        #expect(CurveAxis.linear([1, 1], ceiling: 1).marks.last == 1)
        for high in [1e-9, 0.3, 1, 17, 5e6] {
            let axis = CurveAxis.linear([high / 3, high], ceiling: nil)
            #expect((3...8).contains(axis.marks.count), "\(axis.marks)")
            #expect(axis.marks[0] <= high / 3 && axis.marks.last! >= high)
        }
    }

    @Test func logarithmicAxesSpanTheValues() {
        for (low, high) in [(0.011, 2.3), (0.5, 2.3), (1e-6, 2.3), (0.02, 9_000)] {
            let axis = CurveAxis.logarithmic([low, high])
            #expect(axis.marks[0] <= low && axis.marks.last! >= high)
            #expect((2...12).contains(axis.marks.count), "\(axis.marks)")
            #expect(axis.place(axis.marks[0]) == 0)
            #expect(abs(axis.place(axis.marks.last!)! - 1) < 1e-12)
            #expect(axis.place(0) == nil && axis.place(.nan) == nil)
        }
        let decades = CurveAxis.logarithmic([0.01, 1])
        #expect(abs(decades.place(0.1)! - 0.5) < 1e-11)
    }

    @Test func metricsKeepEveryDigit() {
        let csv = EpochMetrics.csv([sampleMetrics(1), sampleMetrics(3)])
        #expect(
            csv == """
                epoch,step,learning_rate,train_loss,train_accuracy,held_out_loss,held_out_accuracy
                1,10,0.01,2.0,0.5,2.1,0.4
                3,30,0.01,0.6666666666666666,0.8333333333333334,0.7000000000000001,0.8

                """)
    }
}
