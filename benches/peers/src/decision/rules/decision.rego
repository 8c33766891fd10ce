package decision

import rego.v1

answer := (days * 100) + (to * 10) + process + measures + satisfaction

days := security if input.kind == "安全"
else := supply if input.kind == "停供"
else := service if input.kind == "办事"
else := complaint if input.kind == "投诉"
else := policy if input.kind == "政策"
else := proposal if input.kind == "建议"
else := old if input.kind == "积案"
else := 3

security := 1 if input.heat >= 1000
else := 2 if input.channel == "走访"
else := 3

supply := 2 if input.heat >= 100
else := 2 if input.level == "村"
else := 3

service := 3 if input.heat >= 1000
else := 5 if input.heat >= 100
else := 15 if input.extensions >= 1
else := 10

complaint := 5 if input.heat >= 100
else := 10 if input.level == "州"
else := 7 if input.level == "县"
else := 5

policy := 1 if input.channel == "热线"
else := 2 if input.heat >= 100
else := 3

proposal := 20 if input.extensions >= 2
else := 15 if {
	input.extensions >= 1
	input.level != "乡"
}
else := 10

old := 10 if input.heat >= 1000
else := 30 if input.extensions >= 1
else := 20 if input.level == "州"
else := 15

to := 4 if input.pct >= 150
else := 4 if input.returns >= 3
else := 3 if input.pct >= 120
else := 3 if input.returns >= 2
else := 3 if {
	input.pct >= 100
	input.heat >= 1000
}
else := 2 if input.pct >= 100
else := 2 if {
	input.pct >= 80
	input.heat >= 100
}
else := 1 if input.pct >= 80
else := 1 if input.returns >= 1
else := 1 if {
	input.pct >= 50
	input.heat >= 100
}
else := 0

process := 0 if {
	input.contacted
	input.has_contact
	seen
}
else := 1

seen if input.visited
else if input.channel == "热线"

measures := 2 if {
	input.vague
	not input.dated
}
else := 0 if input.explains
else := 0 if {
	input.has_action
	input.has_person
}
else := 2

satisfaction := 0 if input.rating == "满意"
else := 0 if {
	input.rechecked
	input.rating != "不满意"
}
else := 0 if {
	input.rechecked
	input.explains
}
else := 4
