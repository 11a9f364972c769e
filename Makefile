# The same commands as ./rathaus, for people who type make.
commands := demo serve test check bench backup restore doctor

.PHONY: $(commands)
$(commands):
	./rathaus $@ $(ARGS)
