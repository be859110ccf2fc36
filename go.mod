module brevdue

go 1.26
